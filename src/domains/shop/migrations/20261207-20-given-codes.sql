-- Which code of a batch somebody was given by name, by whatever gives of it: one a person and batch (docs/decisions/0114).
create table given_codes (
  batch_id uuid not null references code_batches on delete cascade,
  fan_id uuid not null,
  code text not null references codes on delete cascade,
  given_at timestamptz not null,
  primary key (batch_id, fan_id)
);
create index on given_codes (fan_id);
create unique index on given_codes (code);
-- Who was given several until now keeps the first as theirs; the others still open what they opened.
insert into given_codes (batch_id, fan_id, code, given_at)
select distinct on (c.batch_id, g.fan_id) c.batch_id, g.fan_id, c.code, g.given_at
from (
  select fan_id, code, given_at from sequence_codes where fan_id is not null
  union all select fan_id, code, given_at from mission_thanks where fan_id is not null and code is not null and given_at is not null
) g join codes c on c.code = g.code
order by c.batch_id, g.fan_id, g.given_at, c.code;
