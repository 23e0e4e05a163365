-- Where the land of places lies that ended, told in this turn; empty between turns.

CREATE TABLE moved (
  code      INTEGER PRIMARY KEY,
  successor INTEGER NOT NULL
) STRICT;
