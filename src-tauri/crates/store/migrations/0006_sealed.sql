-- A digest over everything that was frozen of a push, and one over its passwords, which is erased with them. Blank for a
-- push that was frozen before there were any.
alter table push add column seal text not null default '';
alter table push add column password_seal text not null default '';
