"""What a learner's machine may send: anything else is refused before it is looked at."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

_Name = Annotated[str, Field(min_length=1, max_length=100)]
_Time = Annotated[float, Field(ge=0, le=1e11, allow_inf_nan=False)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class JoinBody(_Body):
    """A name; it is cut to what is shown."""

    name: str = Field(min_length=1)


class TaskBody(_Body):
    """What was found of one task."""

    task: _Name
    state: Literal["done", "wrong", "to do", "part"]
    mistake: str = Field(default="", max_length=1000)
    hints: int = Field(default=0, ge=0, le=1000, strict=True)


class ReportBody(_Body):
    """A verdict on an exercise; both times are by the clock of who sends it."""

    id: str = Field(pattern="^[0-9a-f]{32}$")
    exercise: _Name
    tasks: list[TaskBody] = Field(min_length=1, max_length=100)
    at: _Time
    now: _Time


class HandBody(_Body):
    """Whether the learner wants help."""

    raised: bool = Field(strict=True)
