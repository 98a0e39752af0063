-- What somebody knows better than a check, said of a list that is of no account: JSON.
alter table job add column said text not null default '{}';
