import pytest, time, cProfile, pstats
from records import making, papers, case_files, letters
from records.models import Kind
from tests.records import story
from ledger.models import Event
pytestmark = pytest.mark.django_db
def test_x():
    e = story.whole(posts=60, pictures=3)
    d = Event.objects.get(chain_id=e.chain_id, kind="case.decided")
    r = making.make(Kind.DECISION, d)
    for i in range(5):
        t=time.process_time(); c=letters.compose(r); t2=time.process_time(); p=papers.pdf(c); print("letter", round(t2-t,3), round(time.process_time()-t2,3), p.pages)
    r = making.make(Kind.CASE_FILE, e)
    for i in range(3):
        t=time.process_time(); c=case_files.compose(r); t2=time.process_time(); p=papers.pdf(c); print("file", round(t2-t,3), round(time.process_time()-t2,3), p.pages)
