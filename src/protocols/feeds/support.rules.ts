type Typed = { fundingUrl: string; fundingWords: string; lightning: string }
type Read = { fundingUrl: string | null; fundingWords: string; lightning: string | null }

/** `name@host`, as LUD-16 writes lightning addresses. */
const LIGHTNING = /^[a-z0-9\-_.+]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i

/** What an artist typed about giving, and which fields cannot be used: a feed says nothing that a program would choke on. */
export function readSupport({ fundingUrl, fundingWords, lightning }: Typed): { support: Read; wrong: (keyof Typed)[] } {
  const wrong: (keyof Typed)[] = []
  if (
    fundingUrl &&
    !(URL.canParse(fundingUrl) && /^https?:$/.test(new URL(fundingUrl).protocol) && fundingUrl.length <= 500)
  )
    wrong.push('fundingUrl')
  // https://podcasting2.org/docs/podcast-namespace/tags/funding: at most 128 characters.
  if (fundingWords.length > 100) wrong.push('fundingWords')
  if (lightning && !LIGHTNING.test(lightning)) wrong.push('lightning')
  return { support: { fundingUrl: fundingUrl || null, fundingWords, lightning: lightning || null }, wrong }
}
