-- Links to a download that were sent to addresses which are nobody's here: forgotten with the link.
create index deliveries_given on deliveries (created_at) where once like 'given:%' and address is not null and fan_id is null;
