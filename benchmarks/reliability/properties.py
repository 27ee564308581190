"""The suite's properties with new random examples: what the fixed examples of the suite never drew.

Each round is another run of every property; a failure is printed with the example and the way to repeat it.
"""

import argparse
import subprocess
import sys

ROUNDS = 20


def main() -> int:
    """Run every property a number of rounds and return 1 when one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    command = [sys.executable, "-m", "pytest", "-q", "-m", "hypothesis", "--hypothesis-profile=trials"]
    failed = sum(subprocess.call([*command, "-p", "no:cacheprovider"]) != 0 for _ in range(rounds))
    print(f"properties: {rounds} rounds, {failed} with a counterexample")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
