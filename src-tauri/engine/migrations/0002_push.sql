-- LMSs that can be reached. What is secret about them is in this computer's keychain.
create table connection (
    id integer primary key autoincrement,
    name text not null unique,
    -- Where it leads, as JSON.
    target text not null
) strict;

-- A push: a plan that is frozen before anything of it is sent. One without a job was begun by the command.
create table push (
    id integer primary key autoincrement,
    job integer references job on delete cascade,
    at text not null,
    state text not null,
    target text not null,
    -- What was planned and chosen, as JSON.
    facts text not null,
    -- Why it stands where it stands, as JSON.
    why text,
    -- What somebody else changed since it was planned, as JSON.
    changed text not null default '[]',
    -- How the LMS was when it was looked at afterwards, as JSON.
    proof text,
    started text,
    ended text
) strict;

create table push_order (
    id integer primary key autoincrement,
    push integer not null references push on delete cascade,
    -- From 0, without a gap.
    place integer not null,
    -- What is to be done with one person, as JSON.
    task text not null,
    -- Overwritten with null once the push has ended.
    password text,
    state text not null,
    why text not null default '',
    -- The LMS's own id, once it is known.
    lms_id text not null default '',
    at text,
    unique (push, place)
) strict;

create index push_of_job on push (job);

-- The connection by which the job's plans are sent; null for the upload kit.
alter table job add column sends_by integer;
