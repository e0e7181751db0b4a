"""An operator starts, kills and stops a whole installation."""

import json


def test_a_killed_installation_comes_back_and_a_stopped_one_ends_well(fresh_site):
    cases = fresh_site.sql("SELECT count(*) FROM proposals_proposal")
    fresh_site.kill()
    assert fresh_site.get("/healthz")[0] == 0

    fresh_site.start()
    status, answer = fresh_site.get("/readyz")
    assert (status, json.loads(answer)["ill"]) == (200, {})
    assert fresh_site.sql("SELECT count(*) FROM proposals_proposal") == cases

    assert fresh_site.stop() == 0
    assert fresh_site.get("/healthz")[0] == 0
    assert fresh_site.log.read_text().endswith("Yuanyi has stopped.\n")
