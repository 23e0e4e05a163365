-- Which entitlements went to the entry that stays when two entries of the register became one, so that they can go back.
CREATE TABLE merge_moved (
  merge       INTEGER NOT NULL,
  entitlement INTEGER NOT NULL REFERENCES entitlement (id),
  PRIMARY KEY (merge, entitlement)
) STRICT, WITHOUT ROWID;
