import pytest
from records import making
from records.models import Kind, Record
from tests.records import story

pytestmark = pytest.mark.django_db

def test_x(tmp_path):
    import time
    e = story.whole(posts=60, pictures=3)
    from ledger.models import Event
    d = Event.objects.get(chain_id=e.chain_id, kind="case.decided")
    r = making.make(Kind.DECISION, d)
    __import__("pathlib").Path("/tmp/rec/decision.pdf").write_bytes(r.read())
    t=time.time()
    r = making.make(Kind.CASE_FILE, e)
    print(time.time()-t, r.pages, r.size)
    __import__("pathlib").Path("/tmp/rec/casefile.pdf").write_bytes(r.read())
