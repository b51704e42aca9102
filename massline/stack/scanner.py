"""Asks the operator once, at a terminal, whether files are scanned for viruses, and stores the answer in
MASSLINE_HOME."""

import sys
from collections.abc import Mapping

from massline.env import Env, read_lines
from massline.stack.home import Home, write_private

KEPT = "scanner"
QUESTION = """
Files that people send can be scanned for viruses by clamd.
有人上传文件时，可以用 clamd 查毒。请选择：
  1  clamd  (its address follows / 接着填写它的地址)
  2  none   (files are taken unscanned, and pages say so / 不查毒，页面上会写明)
  Enter     (decide later; until then no files are taken / 以后再定，在此之前不接收文件)
"""
NOT_CHOSEN = (
    "MASSLINE_SCANNER is not set: no files are taken until it is clamd (with MASSLINE_CLAMD) or none. "
    "Start at a terminal to be asked."
)


def variables(env: Env, home: Home, *, demo: bool) -> dict[str, str]:
    """MASSLINE_SCANNER and MASSLINE_CLAMD where the environment leaves them open. A demo has its default."""
    if demo or env.text("MASSLINE_SCANNER", ""):
        return {}
    path = home.path / KEPT
    kept = read_lines(path)
    if not kept and sys.stdin is not None and sys.stdin.isatty():
        kept = _asked(env.text("MASSLINE_CLAMD", ""))
        if kept:
            write_private(path, "".join(f"{name}={value}\n" for name, value in kept.items()))
    return kept


def _asked(address: str) -> dict[str, str]:
    print(QUESTION, flush=True)
    try:
        while (answer := input("1 / 2 / Enter: ").strip().lower()) not in ("", "1", "2", "clamd", "none"):
            pass
        if answer in ("2", "none"):
            return {"MASSLINE_SCANNER": "none"}
        while answer and not address:
            address = input("clamd (/path/to/clamd.sock, host:port): ").strip()
    except EOFError:
        return {}
    return {"MASSLINE_SCANNER": "clamd", "MASSLINE_CLAMD": address} if answer else {}


def warning(env: Env, found: Mapping[str, str], *, demo: bool) -> str:
    """What the launcher says while no files are taken."""
    return "" if demo or env.text("MASSLINE_SCANNER", "") or "MASSLINE_SCANNER" in found else NOT_CHOSEN
