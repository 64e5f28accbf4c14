-- `operation_id`: the gift that this one was made together with, in the same books: an announcement of several things is a gift for each, and the
-- first of them stands for all (docs/decisions/0068).
create index gifts_of_one on gifts (operation_id) where operation_id is not null;
