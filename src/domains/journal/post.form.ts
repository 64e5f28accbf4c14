import { isLang, type Lang } from '../../platform/i18n/index.ts'
import { digestOf } from '../../platform/signing.ts'

const POST_FIELDS = ['title', 'body', 'language', 'comments'] as const
export type PostField = (typeof POST_FIELDS)[number]
/** The fields of the form, as texts. */
export type PostFields = Record<PostField, string>

export type PostEdit = { title: string; body: string; language: Lang; commentsOpen: boolean }

/** Longest text of a post, in letters. */
export const MOST_LETTERS = 200_000

type Stored = { title: string; body: string; language: string; commentsOpen: boolean }

export const postFields = ({ title, body, language, commentsOpen }: Stored): PostFields => ({
  title,
  body,
  language,
  comments: commentsOpen ? 'on' : '',
})

export const postDigest = (post: Stored): string => digestOf(postFields(post))

export const pickPostFields = (form: Record<string, string>): PostFields =>
  Object.fromEntries(
    POST_FIELDS.map((name) => [name, (form[name] ?? '').replace(/\r\n?/g, '\n').replaceAll('\0', '')]),
  ) as PostFields

/** Reads the form; a text that is too long is not cut but refused. A title is one line. */
export function readPostForm(
  fields: PostFields,
):
  | { ok: true; value: PostEdit }
  | { ok: false; wrong: { field: PostField; code: 'error_long' | 'error_choice'; n: number } } {
  const { language } = fields
  if (fields.body.length > MOST_LETTERS)
    return { ok: false, wrong: { field: 'body', code: 'error_long', n: fields.body.length } }
  if (!isLang(language)) return { ok: false, wrong: { field: 'language', code: 'error_choice', n: 0 } }
  const title = fields.title.normalize('NFC').replace(/\s+/g, ' ').trim().slice(0, 300).trim()
  const body = fields.body.normalize('NFC').trimEnd()
  return { ok: true, value: { title, body, language, commentsOpen: fields.comments === 'on' } }
}
