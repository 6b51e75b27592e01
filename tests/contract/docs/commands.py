"""Carries out the commands of the guide and of README.md and compares what they print with what is said there.

Each file is one session of bash, in a folder of its own. Blocks marked `console` have commands after
`$ ` (and `> ` where one goes on) and then their output. The server is VERTEBRA_URL, and KEY is VERTEBRA_KEY.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[3]
END = "-- end of output --"


def steps(text: str) -> list[tuple[str, str]]:
    """The commands of a page, each with the output that follows it."""
    found: list[tuple[str, str]] = []
    for block in re.findall(r"^```console\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        # A command ends where the shell would carry it out: not within quotes nor after a backslash.
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.splitlines()
            command = [lines.pop(0)]
            while lines and (lines[0].startswith("> ") or not is_whole("\n".join(command))):
                command.append(lines.pop(0).removeprefix("> "))
            found.append(("\n".join(command), "\n".join(lines)))
    return found


def is_whole(command: str) -> bool:
    """Whether bash would carry it out."""
    read = subprocess.run(["bash", "-n", "-c", command], capture_output=True)
    return read.returncode == 0 and not command.endswith("\\")


def carry_out(command: str, output: str) -> str:
    """The lines of the session for a command: what only reads is asked again for a while, as what was written
    becomes public a moment later."""
    if not command.startswith("curl ") or " -X " in command or " -d " in command:
        return f"{command}\necho '{END}'"
    return (
        f"for _ in {{1..100}}; do printed=$({command}\n)\n"
        f'[ "$printed" != {shlex.quote(output)} ] || break; sleep 0.1; done\n'
        f"echo \"$printed\"\necho '{END}'"
    )


def check(page: Path, server: str, key: str) -> list[str]:
    """What the commands of a page print otherwise than the page says."""
    wanted = steps(page.read_text())
    script = "\n".join(carry_out(command, output) for command, output in wanted)
    with tempfile.TemporaryDirectory() as folder:
        session = subprocess.run(
            ["bash", "-c", script.replace("http://127.0.0.1:8080", server)],
            cwd=folder,
            env={**os.environ, "KEY": key},
            text=True,
            capture_output=True,
            timeout=60,
        )
    *printed, rest = session.stdout.split(f"{END}\n")
    if rest or len(printed) != len(wanted):
        return [f"{page.name}: the commands end early\n{rest}{session.stderr}"]
    return [
        f"{page.name}: {command}\n  says   {output}\n  prints {real}\n"
        for (command, output), real in zip(wanted, map(str.rstrip, printed), strict=True)
        if output != real
    ]


def main() -> None:
    """Checks all pages, one after the other."""
    server, key = os.environ["VERTEBRA_URL"], os.environ["VERTEBRA_KEY"]
    pages = [ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]
    faults = [fault for page in pages for fault in check(page, server, key)]
    if faults:
        sys.exit("\n".join(faults))
    count = sum(len(steps(page.read_text())) for page in pages)
    print(f"The guide prints what it says: {count} commands on {len(pages)} pages.")


if __name__ == "__main__":
    main()
