-- What is true of one LMS of one company, kept once. `facts` is JSON; rosters that the LMS had are in
-- accounts/<id>/snapshot-<number>.zst. No comments inside: see 0002.

create table account (
    id integer primary key autoincrement,
    name text not null,
    profile text not null,
    facts text not null
) strict;

-- The account that the job is of; null for none.
alter table job add column account integer;
