"""The contact of the citizen that each way of telling needs."""

from citizens.models import TellBy

REACHED_BY: dict[str, str] = {
    TellBy.SMS: "phone", TellBy.PHONE: "phone", TellBy.EMAIL: "email", TellBy.LETTER: "address"
}  # fmt: skip
