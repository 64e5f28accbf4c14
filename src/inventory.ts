import { type Inventory, inventoryOf, PLATFORM_INVENTORY } from './platform/backup/index.ts'

/**
 * What a backup takes of the tables and files of all domains. A table that is not named here is taken whole; src/testing/inventory.db.test.ts
 * compares this with the schema. The reasons: docs/decisions/0020-one-archive.md.
 */
export const INVENTORY: Inventory = inventoryOf(PLATFORM_INVENTORY, {
  leftOut: {
    sessions: 'a session closed since would open again; people sign in anew',
    sign_in_links: 'a link used since would open again',
    passkey_challenges: 'lives for minutes',
    link_hits: 'is kept for a day, to tell machines from people',
    arrivals: 'lives for a day, and joins a visitor with a fan no longer than that',
    daily_salts: 'is destroyed after two days on purpose, and must not live on in an archive',
    uploads: 'files on their way in are in no archive; they are sent again',
    upload_batches: 'files on their way in are in no archive; they are sent again',
    video_uploads: 'files on their way in are in no archive; they are sent again',
    storings: 'says what was stored within the last day',
    hand_grants: 'counts the last minutes',
    hand_loads: 'says what is being handed over in this moment; restored, all of it is uncertain',
    hand_outcomes: 'says what is being handed over in this moment; restored, all of it is uncertain',
    hand_pauses: 'says who asked to wait a moment ago',
    encodings: 'can be made again from the masters',
    tallies: 'are counted again from the spine',
    gift_people: 'are counted again from the spine',
    gift_readings: 'are read again from the spine',
    tally_zones: 'are told again by whoever looks',
    tallied: 'says what another database had counted',
  },
  afterRestore: [
    // Who was told since the backup was made, nobody knows here: a person decides (docs/decisions/0051).
    `update deliveries set state = 'uncertain', problem = 'restored' where state in ('queued', 'handing') and due_at <= now()`,
    // Whom something let in since, or who left, nobody knows here either: they are switched on again by who laid them down (docs/decisions/0094).
    `update sequence_runs set state = 'off', ended_at = now(), waits_for = null where state = 'walking'`,
    `update sequences set state = 'off' where state = 'on'`,
    // Who paused since, nobody knows here: they are told anew before their card is charged (docs/decisions/0109).
    `update member_charges set told_at = null, due_at = greatest(due_at, now() + interval '3 days') where state = 'due'`,
    `update announcements set state = 'draft', leaves_at = null where state = 'waiting' and leaves_at <= now()`,
  ],
  files: {
    masters: 'select storage_key as key, size from masters',
    renditions: 'select storage_key as key, size from renditions',
    bonus_files: 'select storage_key as key, size from bonus_files',
    fan_lists: 'select storage_key as key, size from fan_lists',
    post_videos:
      'select original_storage_key as key, original_size as size from post_videos ' +
      'union all select mp4_storage_key, mp4_size from post_videos where mp4_storage_key is not null ' +
      'union all select webm_storage_key, webm_size from post_videos where webm_storage_key is not null',
    received: 'select storage_key as key, size from received where storage_key is not null',
    outlays: 'select storage_key as key, size from outlays where storage_key is not null',
    press_riders: 'select storage_key as key, size from press_riders',
    parcel_proofs: 'select storage_key as key, size from parcel_proofs where storage_key is not null',
    held_pictures: 'select storage_key as key, size from held_pictures',
    entry_files: 'select storage_key as key, size from entry_files',
    entry_streams: 'select storage_key as key, size from entry_streams',
    message_attachments: 'select storage_key as key, size from message_attachments',
  },
})

/** What the storage holds that is ours: the folders, and which files in them rows need. A backup needs less, since downloads can be made again. */
export const STORED = {
  folders: [
    'masters',
    'streams',
    'bonus',
    'images',
    'encodings',
    'videos',
    'lists',
    'received',
    'attachments',
    'proofs',
    'held',
    'press',
  ],
  named: [...Object.values(INVENTORY.files), 'select storage_key as key, size from encodings'],
}
