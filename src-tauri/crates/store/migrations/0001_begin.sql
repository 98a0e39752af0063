-- Times are ISO 8601 in UTC. JSON is text. Rows of one job go when the job goes.

create table job (
    id integer primary key autoincrement,
    name text not null,
    -- The person's own file; empty where it is not known.
    file text not null,
    people integer not null,
    profile text,
    reading text not null,
    policies text not null,
    view text not null,
    key_unlocked integer not null,
    offer_snapshot integer not null,
    opened_at text not null,
    saved_at text,
    -- The file's bytes as opened, in jobs/<id>/original.zst; null until they are safely there.
    original_sha256 text,
    original_size integer,
    -- The person's own file when it was opened: bytes, and nanoseconds since 1970.
    file_size integer,
    file_modified integer,
    -- How many steps of the journal are done; those after them were taken back.
    done integer not null default 0,
    -- How many steps were done when a kit or push last carried them out.
    sent integer not null default 0
) strict;

create table operation (
    id integer primary key autoincrement,
    job integer not null references job on delete cascade,
    -- From 1, without a gap.
    step integer not null,
    at text not null,
    sentence text not null,
    cells integer not null,
    -- The edits as JSON, in a zstd frame with its checksum.
    edits blob not null,
    unique (job, step)
) strict;

-- The roster itself is in jobs/<job>/snapshot-<id>.zst.
create table snapshot (
    id integer primary key autoincrement,
    job integer not null references job on delete cascade,
    at text not null,
    note text not null,
    source text not null,
    people integer not null,
    profile text,
    reading text not null,
    sha256 text not null,
    size integer not null
) strict;

create table list (
    id integer primary key autoincrement,
    job integer not null references job on delete cascade,
    kind text not null,
    "values" text not null,
    source text not null,
    at text,
    unique (job, kind)
) strict;

create table event (
    id integer primary key autoincrement,
    job integer not null references job on delete cascade,
    at text not null,
    kind text not null,
    title text not null,
    detail text not null,
    -- The snapshot it stands for.
    subject integer,
    people integer,
    sha256 text,
    path text,
    facts text not null
) strict;

create table setting (
    id integer primary key autoincrement,
    key text not null unique,
    value text not null
) strict;

create index snapshot_of_job on snapshot (job);
create index event_of_job on event (job);
