"""The numbers of petitions, and of the lines of the register of transfers that are drawn from the same sequence."""

from dataclasses import replace

from records.numbers import Numbers

NUMBERS = Numbers("XF", "petitions_number", "petition-number")
TRANSFER_NUMBERS = replace(NUMBERS, prefix="YS")
