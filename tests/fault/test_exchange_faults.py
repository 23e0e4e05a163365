#!/usr/bin/python3
"""Two counties exchange moves and verifications over lines that are cut and between stacks that are killed: docs/exchange.md,
docs/faults.md row 49.
`test_exchange_faults.py [MOVES VERIFICATIONS [SEED]]`; without arguments the short form."""
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import exchange_history  # noqa: E402

moves, questions = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (40, 40)
seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 32)
exchange_history.run(moves, questions, seed, faults=max(8, moves // 10))
