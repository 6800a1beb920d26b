"""Escalations through the API: answered once, moved up, resolved, each by those it is for."""

from tests.api.conftest import Machine, answer_body, assert_problem


def at(own, act=""):
    return f"/escalations/{own.escalation.uuid}/{act}"


def test_the_manager_asked_answers_once(meera, own):
    body = answer_body()
    first, second = (meera.post(at(own, "respond/"), body) for _ in range(2))
    assert first.json() == second.json()
    told = first.json()
    assert told["response_due_on"] is None
    assert [step["response"]["responded_by"]["name"] for step in told["steps"]] == ["Meera North"]
    told = assert_problem(meera.post(at(own, "respond/"), answer_body(answer="CONTESTED", reason="No")), 409)
    assert told["detail"] == "Meera North answered this concern on 17 August 2026 (accept)."


def test_an_answer_must_be_whole(meera, own):
    assert_problem(meera.post(at(own, "respond/"), answer_body(action="")), 422, "action")
    assert_problem(meera.post(at(own, "respond/"), answer_body(action_due_on="2026-08-16")), 422, "action_due_on")
    assert_problem(meera.post(at(own, "respond/"), answer_body(answer="CONTESTED")), 422, "reason")
    assert_problem(meera.post(at(own, "respond/"), answer_body(answer="MAYBE")), 400, "answer")
    assert_problem(meera.post(at(own, "respond/"), answer_body(reason="x" * 4001)), 400, "reason")
    assert_problem(meera.post(at(own, "respond/"), answer_body(position=3)), 400, "position")
    assert_problem(meera.post(at(own, "respond/"), answer_body(position=10**30)), 400, "position")


def test_only_the_one_asked_answers(ada, own, place):
    for machine in (ada, Machine(place.people["service_manager"]), Machine(place.people["head"])):
        assert_problem(machine.post(at(own, "respond/"), answer_body()), 403)


def test_moving_up_and_resolving_are_the_iros(ada, meera, own, place):
    move = {"position": 0, "stage": 2, "reason": "No answer"}
    assert_problem(meera.post(at(own, "move-up/"), move), 403)
    assert_problem(ada.post(at(own, "move-up/"), {**move, "stage": 9}), 400, "stage")
    assert_problem(ada.post(at(own, "move-up/"), {**move, "stage": 0}), 422, "stage")
    told = ada.post(at(own, "move-up/"), move).json()
    assert (told["stage"]["position"], told["response_due_on"]) == (2, "2026-08-24")
    assert ada.post(at(own, "move-up/"), move).json() == told
    assert_problem(ada.post(at(own, "move-up/"), {**move, "stage": 3}), 409)
    assert_problem(meera.post(at(own, "respond/"), answer_body()), 409)
    assert_problem(meera.post(at(own, "resolve/"), {"resolution": "Done"}), 403)
    for _ in range(2):
        assert ada.post(at(own, "resolve/"), {"resolution": "Done"}).json()["status"] == "RESOLVED"
    manager = Machine(place.people["iro_manager"])
    told = assert_problem(manager.post(at(own, "resolve/"), {"resolution": "Mine"}), 409)
    assert "Ada Iro" in told["detail"]


def test_the_list_holds_what_may_be_read(ada, meera, own, strangers, place):
    listed = lambda machine, **query: [row["uuid"] for row in machine.get("/escalations/", **query).json()["results"]]  # noqa: E731
    assert listed(ada) == listed(meera) == [str(own.escalation.uuid)]
    assert listed(meera, waiting="me") == [str(own.escalation.uuid)]
    assert listed(ada, waiting="me") == []
    assert listed(ada, status="RESOLVED") == []
    assert len(listed(Machine(place.people["head"]))) == 2
    assert_problem(ada.get("/escalations/", status="resolved"), 400, "status")
