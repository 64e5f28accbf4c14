/** What came of asking a provider over HTTP. */
export type Asked =
  | { is: 'answered'; status: number /** When the provider asks to try again. */; retryAt: Date | null; body: unknown }
  /** It left, and no answer came. */
  | { is: 'lost'; problem: string }
  /** Nobody was reached: it never left. */
  | { is: 'unsent'; problem: string }

const PATIENCE_MS = 20_000
const MOST_BYTES = 200_000

/** Errors that come before a single octet of the request has left. */
const BEFORE =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/

/** Asks once; where it leads on to is not followed, so that a password goes where it was meant to. */
export async function ask(
  url: string,
  {
    headers,
    body,
    method = 'POST',
  }: { headers: Record<string, string>; body?: string | Uint8Array<ArrayBuffer>; method?: string },
): Promise<Asked> {
  try {
    const answer = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body !== undefined && { body }),
    })
    const text = (await answer.text()).slice(0, MOST_BYTES)
    return {
      is: 'answered',
      status: answer.status,
      retryAt: readRetryAfter(answer.headers.get('retry-after')),
      body: parse(text),
    }
  } catch (error) {
    const { code = '', message } = causeOf(error)
    return {
      is: BEFORE.test(code) || message === 'bad port' ? 'unsent' : 'lost',
      problem: [code, message].filter(Boolean).join(' '),
    }
  }
}

function causeOf(error: unknown): { code?: string; message: string } {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? (cause as Error & { code?: string }) : { message: String(cause) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function readRetryAfter(value: string | null): Date | null {
  if (!value) return null
  const seconds = Number(value)
  const at = Number.isFinite(seconds) ? Date.now() + seconds * 1000 : Date.parse(value)
  return Number.isFinite(at) ? new Date(at) : null
}

export const basicAuth = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
