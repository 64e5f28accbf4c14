-- Of whose telling it is not known whether it arrived: a few among all parcels, asked for whenever somebody packs.
create index parcels_telling on parcels (telling_at) where told_at is null and telling_at is not null;
create index parcel_corrections_telling on parcel_corrections (telling_at) where told_at is null and telling_at is not null;
