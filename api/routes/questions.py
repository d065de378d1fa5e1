"""The named questions over HTTP: what they are, and their answers."""

from __future__ import annotations

from fastapi import APIRouter, Request

from api.access import EVERYBODY_READS
from api.asking import AnswerOut, Public, QuestionOut, all_questions, answer
from api.dependencies import LangDep, ServicesDep
from ontology.questions import variables

router = APIRouter(prefix="/api/v1/questions", tags=["questions"], dependencies=[EVERYBODY_READS])


@router.get("", summary="The named questions")
def listed() -> list[QuestionOut]:
    """Every named question, with what it answers and the variables that may be bound."""
    return all_questions()


@router.get("/{name}", summary="Ask a named question")
def asked(name: str, request: Request, services: ServicesDep, lang: LangDep) -> AnswerOut:
    """The answer. Bind a variable with a parameter of its name: `?role=subject-coordinator`, `?year=2027`.

    `lang` is the language of names, and is bound too where the question has a variable of that name.
    """
    own = set() if "lang" in variables(name) else {"lang"}
    given = {key: value for key, value in request.query_params.items() if key not in own and value}
    client = request.client.host if request.client else ""
    with request.app.state.budget.charged(client):
        return answer(Public(services.cage, services.graph, services.settings.base_iri), name, given, lang)
