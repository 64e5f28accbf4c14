const LOOK_AGAIN_MS = 2_000

/** While an announcement leaves: asks for its page now and then, and shows its figures anew. */
async function followProgress(): Promise<void> {
  try {
    const answer = await fetch(location.pathname, { headers: { accept: 'text/html' } })
    if (answer.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const [here, there] = [document.getElementById('progress'), page.getElementById('progress')]
      // Whoever has the keyboard on a button there keeps it.
      if (here && there && !here.contains(document.activeElement)) here.replaceWith(document.importNode(there, true))
    }
  } catch {
    // Not reached: asked again in a moment.
  }
  if (document.querySelector('#progress[data-running]')) setTimeout(followProgress, LOOK_AGAIN_MS)
}

if (document.querySelector('#progress[data-running]')) setTimeout(followProgress, LOOK_AGAIN_MS)
