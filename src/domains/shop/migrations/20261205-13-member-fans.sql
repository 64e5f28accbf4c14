-- Which fans are members of whom, until when it is paid, by the address that they gave for both: announcements to members are narrowed by it.
create view member_fans as
  select m.artist_id, coalesce(f.merged_into, f.id) as fan_id, m.product_id as plan, m.paid_until
  from members m
    join fan_addresses a on a.channel = 'mail' and a.address_key = m.mail_key and a.removed_at is null
    join fans f on f.id = a.fan_id and f.erased_at is null
  where m.mail_key <> '' and m.artist_id is not null;
