/** What a backup must know of the tables, written by those who own them. */
export type Inventory = {
  /** Tables whose rows stay behind, each with its reason. Every other table is in a backup. */
  leftOut: Record<string, string>
  /** The files that rows need, by kind: SQL giving `key` (in the storage) and `size` (bytes, or null when the row does not say). */
  files: Record<string, string>
  /** SQL run over restored rows: what happened between the backup and now is not known, and must not happen a second time by itself. */
  afterRestore: string[]
}

/** The platform's own part. */
export const PLATFORM_INVENTORY: Inventory = {
  afterRestore: [],
  leftOut: {
    migrations: 'is in the manifest; laid again by the program that restores',
    workers: 'says which processes live now',
    rate_limits: 'counts the last minutes',
  },
  files: {
    images: `
      select 'images/' || sha256 || '/original' as key, null::bigint as size from images
      union all
      select 'images/' || sha256 || '/' || wide || '.' || extension, null
      from images, unnest(widths) as wide, unnest(array['avif', 'webp', 'jpg']) as extension`,
  },
}

/** Several inventories as one. */
export const inventoryOf = (...parts: Inventory[]): Inventory => ({
  afterRestore: parts.flatMap((part) => part.afterRestore),
  leftOut: Object.assign({}, ...parts.map((part) => part.leftOut)),
  files: Object.assign({}, ...parts.map((part) => part.files)),
})
