import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { isId } from '../../../platform/ids.ts'
import { maxImageBytes } from '../../../platform/images/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { actorOf, guard, readTexts, type WebEnv } from '../../identity/index.ts'
import { imageSentence, PREVIEW_PARAMETER } from '../../music/index.ts'
import { blockLine } from '../blocks.rules.ts'
import { addPicture, appendLine, editPost, setPostCover } from '../edit-post.ts'
import { MOST_LETTERS, type PostFields, pickPostFields, postDigest, postFields, readPostForm } from '../post.form.ts'
import { loadParts, postHtml } from '../post.parts.ts'
import { puttableMusic, type StudioPost, studioPost } from '../studio.views.ts'
import { videoUploadsOf } from '../video-uploads.ts'
import { removedVideos } from '../videos.views.ts'
import { words } from '../words.ts'
import { PostFrame, postHref } from './frame.tsx'
import { ID, whosePost } from './things.ts'
import { type Asked, WritePage } from './write-page.tsx'

/** Writing a post: its words with a view of how they will read, its pictures, and the page as it will be. */
export function writeRoutes(platform: Platform): Hono<WebEnv> {
  const { db, now } = platform
  const may = guard('journal.edit', whosePost(platform))
  const path = `/studio/journal/:id{${ID}}`
  const postOf = (c: Context<WebEnv>) => studioPost(db, c.req.param('id') ?? '', now())

  async function show(c: Context<WebEnv>, post: StudioPost, asked: Partial<Asked> = {}) {
    const fields = asked.fields ?? postFields(post)
    const html = await drawn(post, fields)
    const music = await puttableMusic(db, post.writer.sender)
    const films = { uploads: await videoUploadsOf(platform, post.id), removed: await removedVideos(db, post.id) }
    const shown: Asked = { fields, seen: postDigest(post), errors: {}, theirs: null, ...asked }
    return c.html(
      <WritePage c={c} post={post} html={html} music={music} films={films} asked={shown} />,
      Object.keys(shown.errors).length ? 422 : 200,
    )
  }

  async function drawn(post: StudioPost, fields: Pick<PostFields, 'body' | 'language'>): Promise<string> {
    const language = fields.language === 'fr' ? 'fr' : 'en'
    const written = { ...post, body: fields.body.slice(0, MOST_LETTERS), language } as const
    return postHtml(written, { parts: await loadParts(db, [written], now()), sizes: '(min-width: 60rem) 30rem, 90vw' })
  }

  /** Saves what a form of the editor holds; null when it did, else the page that says why not. */
  async function save(c: Context<WebEnv>, post: StudioPost, form: Record<string, string>) {
    const { lang } = c.get('page')
    const t = words(lang)
    const fields = pickPostFields(form)
    const seen = form['seen'] ?? ''
    const read = readPostForm(fields)
    if (!read.ok) {
      const { field, code, n } = read.wrong
      return show(c, post, { fields, seen, errors: { [field]: t(code, { n }) } })
    }
    const done = await editPost(platform, { postId: post.id, edit: read.value, seen, by: actorOf(c).accountId })
    if (done.ok) return null
    if (done.error.code === 'missing') return c.notFound()
    const { current } = done.error
    return show(c, post, {
      fields,
      seen: done.error.seen,
      errors: { '': t('changed_meanwhile'), ...differences(fields, current, t) },
      theirs: current.body === fields.body ? null : current.body,
    })
  }

  const tooLarge = (c: Context<WebEnv>) =>
    c.text(imageSentence({ code: 'too-many-bytes', values: {} }, c.get('page').lang), 413)

  return new Hono<WebEnv>()
    .get(path, may, async (c) => {
      const post = await postOf(c)
      return post ? show(c, post) : c.notFound()
    })
    .post(path, may, async (c) => {
      const post = await postOf(c)
      if (!post) return c.notFound()
      return (await save(c, post, await readTexts(c))) ?? c.redirect(`${postHref(post.id)}?done=saved`, 303)
    })
    .post(`${path}/put`, may, async (c) => {
      const post = await postOf(c)
      if (!post) return c.notFound()
      const form = await readTexts(c)
      const refused = await save(c, post, form)
      if (refused) return refused
      const line = await lineFor(post, form['put'] ?? '')
      if (!line) {
        const saved = await postOf(c)
        const errors = { put: words(c.get('page').lang)('error_choice') }
        return saved ? show(c, saved, { errors }) : c.notFound()
      }
      await appendLine(platform, { postId: post.id, line })
      return c.redirect(`${postHref(post.id)}?done=put`, 303)
    })
    .post(`${path}/drawn`, may, async (c) => {
      const post = await postOf(c)
      if (!post) return c.notFound()
      const form = await readTexts(c)
      c.header('Cache-Control', 'no-store')
      return c.html(await drawn(post, pickPostFields(form)))
    })
    .post(
      `${path}/pictures`,
      may,
      bodyLimit({ maxSize: maxImageBytes + 100_000, onError: tooLarge as never }),
      async (c) => {
        const post = await postOf(c)
        if (!post) return c.notFound()
        const { lang } = c.get('page')
        const t = words(lang)
        const body = await c.req.parseBody()
        const file = body['picture']
        const alt = String(body['alt'] ?? '')
          .replace(/\s+/g, ' ')
          .trim()
          .slice(0, 500)
        // The editor puts the line where one writes, and asks for JSON.
        const fromEditor = c.req.header('accept')?.includes('application/json') ?? false
        const refuse = (field: string, sentence: string) =>
          fromEditor ? c.json({ field, sentence }, 422) : show(c, post, { errors: { [field]: sentence } })
        if (!(file instanceof File) || file.size === 0) return refuse('picture', t('error_no_file'))
        if (!alt) return refuse('alt', t('error_alt'))
        const picture = new Uint8Array(await file.arrayBuffer())
        const done = await addPicture(platform, { postId: post.id, picture, alt, put: !fromEditor })
        if (!done.ok)
          return done.error === 'missing' ? c.notFound() : refuse('picture', imageSentence(done.error, lang))
        return fromEditor ? c.json(done.value) : c.redirect(`${postHref(post.id)}?done=picture`, 303)
      },
    )
    .post(`${path}/cover`, may, async (c) => {
      const { picture = '' } = await readTexts(c)
      const postId = c.req.param('id')
      const done = await setPostCover(platform, { postId, pictureId: isId(picture) ? picture : null })
      return done.ok ? c.redirect(`${postHref(postId)}?done=cover#pictures`, 303) : c.notFound()
    })
    .get(`${path}/preview`, may, async (c) => {
      const post = await postOf(c)
      if (!post) return c.notFound()
      const t = words(c.get('page').lang)
      const href = `${post.path}?${PREVIEW_PARAMETER}=1`
      return c.html(
        <PostFrame c={c} post={post} section="preview">
          <p class="lead">
            {t('preview_words')} <a href={href}>{t('preview_open')}</a>
          </p>
          <div class="preview" style="max-width:26rem">
            <iframe src={href} title={t('preview_title', { title: post.title || t('untitled') })} loading="lazy" />
          </div>
        </PostFrame>,
      )
    })

  /** The line that puts a track or a release into a text. */
  async function lineFor(post: StudioPost, put: string): Promise<string | null> {
    for (const release of await puttableMusic(db, post.writer.sender)) {
      if (put === `release:${release.id}`) return blockLine('release', release.id, release.title)
      const track = release.tracks.find(({ id }) => put === `track:${id}`)
      if (track) return blockLine('track', track.id, track.title)
    }
    return null
  }
}

/** What somebody else saved meanwhile, beside each field that differs. */
function differences(mine: PostFields, theirs: PostFields, t: ReturnType<typeof words>): Record<string, string> {
  const fields = (Object.keys(theirs) as (keyof PostFields)[]).filter(
    (name) => mine[name].trim() !== theirs[name].trim(),
  )
  return Object.fromEntries(
    fields.map((name) => {
      const value = theirs[name].length > 160 ? `${theirs[name].slice(0, 160)}…` : theirs[name]
      return [name, value ? t('changed_field', { value }) : t('emptied_field')]
    }),
  )
}
