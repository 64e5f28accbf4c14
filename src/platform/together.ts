type Waiting<Ask, Answer> = { ask: Ask; answer: PromiseWithResolvers<Answer> }

/**
 * Does together what is asked for at about the same time: while `lanes` are at work, what comes waits and then goes together, `most` of it. Who comes alone waits for nobody. Where it fails together,
 * each is done alone, so that nobody fails for another's sake. Two of one key never go together. A lane that is held up for `patienceMs` is waited for by those alone who went in it.
 */
export function together<Ask, Answer>({
  all,
  one,
  keyOf,
  lanes = 2,
  most = 32,
  patienceMs = 500,
}: {
  all: (asks: Ask[]) => Promise<Answer[]>
  one: (ask: Ask) => Promise<Answer>
  keyOf: (ask: Ask) => string
  lanes?: number
  most?: number
  patienceMs?: number
}): (ask: Ask) => Promise<Answer> {
  let waiting: Waiting<Ask, Answer>[] = []
  let atWork = 0

  function next(): Waiting<Ask, Answer>[] {
    const taken = new Map<string, Waiting<Ask, Answer>>()
    const left: Waiting<Ask, Answer>[] = []
    for (const each of waiting) {
      const key = keyOf(each.ask)
      if (taken.size < most && !taken.has(key)) taken.set(key, each)
      else left.push(each)
    }
    waiting = left
    return [...taken.values()]
  }
  const alone = ({ ask, answer }: Waiting<Ask, Answer>) => one(ask).then(answer.resolve, answer.reject)
  async function carryOut(taken: Waiting<Ask, Answer>[]): Promise<void> {
    const answers = taken.length > 1 ? await all(taken.map(({ ask }) => ask)).catch(() => null) : null
    if (answers) taken.forEach(({ answer }, index) => void answer.resolve(answers[index] as Answer))
    else await Promise.all(taken.map(alone))
  }
  async function work(): Promise<void> {
    let isHeldUp = false
    const leave = () => {
      isHeldUp = true
      atWork--
      if (waiting.length > 0) void work()
    }
    atWork++
    for (let taken = next(); taken.length > 0; taken = next()) {
      const timer = setTimeout(leave, patienceMs)
      await carryOut(taken)
      clearTimeout(timer)
      if (isHeldUp) return
    }
    atWork--
  }
  return (ask) => {
    const answer = Promise.withResolvers<Answer>()
    waiting.push({ ask, answer })
    if (atWork < lanes) void work()
    return answer.promise
  }
}
