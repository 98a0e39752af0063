-- What is to be told of a report that was completed from what the LMS has, such as who leaves later: JSON.
alter table job add column completed text not null default '{}';
