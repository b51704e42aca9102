"""The number series of petitions and of the register of transfers; both draw from one sequence."""

from dataclasses import replace

from records.numbers import Numbers

NUMBERS = Numbers("XF", "petitions_number", "petition-number")
TRANSFER_NUMBERS = replace(NUMBERS, prefix="YS")
