"""What each way of telling a citizen needs to know of them."""

from citizens.models import TellBy

REACHED_BY: dict[str, str] = {
    TellBy.SMS: "phone", TellBy.PHONE: "phone", TellBy.EMAIL: "email", TellBy.LETTER: "address"
}  # fmt: skip
