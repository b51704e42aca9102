"""The program that typesets one document: what is asked comes in as JSON, a PDF goes out, and then it ends.

It is started by its path and loads nothing of massline. A character that no font here has would make the PDF invalid
as an archive file (PDF/A): it is printed as 〓, as printers do.
"""

import json
import re
import resource
import sys
from typing import Any

import typst

MISSING = "〓"
NOT_SHOWN = re.compile(r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed')
ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")
NAMED = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
TRIES = 4
"""A character that is replaced may leave another one alone that was shown beside it."""
MEMORY = 2 << 30
FAULTY_EXIT = 3


def main(seconds: int) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked = json.load(sys.stdin.buffer)
    for _try in range(TRIES):
        try:
            sys.stdout.buffer.write(typeset(asked))
        except typst.TypstError as error:
            said, fault = asked["data"], error.message
            asked["data"] = without(said, not_shown(error.diagnostic))
            if asked["data"] == said:
                break
        else:
            return 0
    sys.stderr.write("characters that no font has" if NOT_SHOWN.search(fault) else fault)
    return FAULTY_EXIT


def typeset(asked: dict[str, Any]) -> bytes:
    return typst.compile(
        asked["template"],
        root=asked["root"],
        font_paths=asked["fonts"],
        sys_inputs={"data": json.dumps(asked["data"], ensure_ascii=False, sort_keys=True)},
        format="pdf",
        pdf_standards="a-2b",
        timestamp=asked["timestamp"],
        package_path=asked["root"],
        package_cache_path=asked["root"],
    )


def not_shown(diagnostic: str) -> set[str]:
    """Returns the characters that typst could not display, from what it says about each."""
    return {char for text in NOT_SHOWN.findall(diagnostic) for char in ESCAPE.sub(_escaped, text)}


def _escaped(match: re.Match[str]) -> str:
    code, char = match.groups()
    return chr(int(code, 16)) if code else NAMED.get(char, char)


def without(said: Any, chars: set[str]) -> Any:
    """Returns the data with a mark in place of each of these characters."""
    if isinstance(said, str):
        return said.translate({ord(char): MISSING for char in chars})
    if isinstance(said, list):
        return [without(one, chars) for one in said]
    if isinstance(said, dict):
        return {name: without(one, chars) for name, one in said.items()}
    return said


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
