-- What SQLite keeps of these statements has to fit its first page, or a damaged page could cost every table: so there
-- are no comments inside them. Connections are a setting.

-- A push: a plan that is frozen before anything of it is sent. One without a job was begun by the command. `target`,
-- `facts`, `why`, `changed` and `proof` are JSON.
create table push (
    id integer primary key autoincrement,
    job integer references job on delete cascade,
    at text not null,
    state text not null,
    target text not null,
    facts text not null,
    why text,
    changed text,
    proof text,
    started text,
    ended text
) strict;

-- What is to be done with one person, as JSON, and where it stands. Places count from 0 without a gap. The password is
-- overwritten with null once the push has ended.
create table push_order (
    id integer primary key autoincrement,
    push integer not null references push on delete cascade,
    place integer not null,
    task text not null,
    password text,
    state text not null,
    why text,
    lms_id text,
    at text
) strict;

create index order_of_push on push_order (push, place);

-- The connection by which the job's plans are sent; null for the upload kit.
alter table job add column sends_by integer;
