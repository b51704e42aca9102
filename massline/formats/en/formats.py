"""Days and times in English as British readers write them: 30 November 2026 in prose, 30 Nov 2026 in lists; where the
year goes without saying, 30 Nov."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
MONTH_DAY_FORMAT = "j M"
