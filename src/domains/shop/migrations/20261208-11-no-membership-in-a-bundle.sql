-- The share that a membership had of a bundle's price became what it cost each month after, and of several in one bundle a single one began. Bundles that hold one are no
-- longer offered, until they are made without it; who is a member by one stays it.
update products b set state = 'withdrawn'
where b.kind = 'bundle' and b.state = 'offered' and exists (
  select from bundle_parts bp join variants v on v.id = bp.variant_id join products p on p.id = v.product_id
  where bp.bundle_id = b.id and p.kind = 'membership');
