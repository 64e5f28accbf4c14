import type { Platform } from '../../platform/platform.ts'
import { addressHash, readAddress, suppressedAmong } from '../fans/index.ts'
import { siteSettings } from '../identity/index.ts'
import { publicWords } from './words.ts'

const ASKED = {
  entry: { table: 'contestEntries', folder: 'contests' },
  ballot: { table: 'contestBallots', folder: 'contests' },
  contribution: { table: 'missionContributions', folder: 'missions' },
} as const
export type Asked = keyof typeof ASKED

/** Where whoever has the address says that an entry, a ballot or a contribution is theirs. */
export const confirmPath = ({ signer }: Pick<Platform, 'signer'>, what: Asked, id: string): string =>
  `/${ASKED[what].folder}/${what}/${id}/${signer.sign(`contest-${what}`, id)}`

/** Asks by mail whether it is theirs whose address was given. An address that is to be left alone is left alone. */
export async function askWho(
  platform: Pick<Platform, 'db' | 'signer' | 'mailer' | 'config'>,
  { what, id }: { what: Asked; id: string },
): Promise<void> {
  const { db, signer, mailer, config } = platform
  const { table } = ASKED[what]
  const row = await db
    .selectFrom(table)
    .innerJoin('operations', 'operations.id', `${table}.operationId`)
    .innerJoin('artists', 'artists.id', 'operations.artistId')
    .select([`${table}.mail`, `${table}.language`, 'operations.title', 'artists.name as artist'])
    .where(`${table}.id`, '=', id)
    .where(`${table}.confirmedAt`, 'is', null)
    .executeTakeFirst()
  const read = row?.mail ? readAddress('mail', row.mail) : null
  if (!row || !read?.ok) return
  const hash = addressHash(signer, 'mail', read.value.key)
  if ((await suppressedAmong(db, 'mail', [hash])).has(hash)) return
  const t = publicWords(row.language)
  const place = (await siteSettings(db)).name
  const values = { title: row.title, artist: row.artist, place, link: config.baseUrl + confirmPath(platform, what, id) }
  await mailer.send({
    to: read.value.address,
    subject: t(`ask_${what}_subject`, values),
    text: t(`ask_${what}_text`, values),
  })
}
