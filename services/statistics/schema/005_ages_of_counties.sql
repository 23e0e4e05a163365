-- Above the county the counts by age are those of its counties together, and no rows of their own.
DELETE FROM age WHERE place % 100000000 = 0;
