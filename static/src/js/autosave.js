// <form data-autosave-url="…" data-autosave-version="3"> saves what is typed to the server while it is typed.
// The server answers {saved_at, version}. Nothing is kept in browser storage: the page itself holds the text.

const PAUSE = 2000 // ms of quiet after the last key
const LONGEST = 5000 // ms from the first unsaved key, however fast the typing
const RETRY_FIRST = 3000
const RETRY_LAST = 60000

class NotSaved extends Error {
  constructor(words, { again, needsToken = false }) {
    super(words)
    this.again = again
    this.needsToken = needsToken
  }
}

const SIGN_IN = 'you have been signed out. Open this service in a new tab, sign in there, and come back: '
  + 'your text is kept on this page and will be saved'
const REFUSED = 'the service refused it. You may have signed in again, or may no longer change this. '
  + 'Your text is kept on this page'
const TAKEN = 'this draft was changed on another page, or the review has been recorded. '
  + 'Your text is still on this page: copy what you need, then reload to see what is held'

function clock(moment) {
  return moment.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}

async function read(response) {
  if (response.redirected || response.status === 401) throw new NotSaved(SIGN_IN, { again: true, needsToken: true })
  if (response.status === 409) throw new NotSaved(TAKEN, { again: false })
  if (response.status === 403) throw new NotSaved(REFUSED, { again: true, needsToken: true })
  if (!response.ok) throw new NotSaved(`the service answered with an error (${response.status})`, { again: true })
  return response.json()
}

// Signing in again changes the token that forms prove themselves with, so this page's own is fetched afresh.
async function renewToken() {
  const response = await fetch(window.location.href, { credentials: 'same-origin', headers: { Accept: 'text/html' } })
  if (!response.ok || response.redirected) return
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const fresh = page.querySelector('input[name=csrfmiddlewaretoken]')
  if (!fresh) return
  for (const token of document.querySelectorAll('input[name=csrfmiddlewaretoken]')) token.value = fresh.value
}

class Autosave {
  constructor(form) {
    this.form = form
    this.version = form.dataset.autosaveVersion ?? ''
    this.wait = RETRY_FIRST
    this.line = this.liveRegion()
    this.changedAt = null
    this.isStopped = false
    form.addEventListener('input', () => this.changed())
    form.addEventListener('change', () => this.changed())
    form.addEventListener('focusout', () => this.soon(0))
    form.addEventListener('submit', () => this.stop())
    document.addEventListener('visibilitychange', () => {
      // back in view: perhaps signed in again elsewhere, so the wait is over
      this.soon(0)
    })
    window.addEventListener('beforeunload', (event) => {
      if (this.changedAt !== null && !this.isStopped) event.preventDefault()
    })
    window.addEventListener('pageshow', (event) => {
      if (event.persisted) this.isStopped = false
    })
  }

  liveRegion() {
    const given = this.form.querySelector('[data-autosave-status]')
    const line = given ?? document.createElement('p')
    line.classList.add('screens-saved')
    line.setAttribute('role', 'status')
    if (!given) this.form.append(line)
    return line
  }

  changed() {
    const now = Date.now()
    this.edit = (this.edit ?? 0) + 1
    this.changedAt ??= now
    this.soon(Math.min(PAUSE, Math.max(0, this.changedAt + LONGEST - now)))
  }

  soon(delay) {
    clearTimeout(this.timer)
    if (this.changedAt !== null && !this.isStopped) this.timer = setTimeout(() => this.save(), delay)
  }

  // what is on its way is called off: the form that is being sent holds all of it, and would make it the older one
  stop() {
    this.isStopped = true
    clearTimeout(this.timer)
    this.sending?.abort()
  }

  body() {
    const body = new FormData(this.form)
    body.set('version', this.version)
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name)
    return new URLSearchParams(body)
  }

  async save() {
    if (this.isSaving || this.isStopped) return
    this.isSaving = true
    const edit = this.edit
    try {
      if (this.needsToken) await renewToken()
      this.needsToken = false
      this.saved(await this.post(), edit)
    } catch (problem) {
      if (!this.isStopped) this.failed(problem)
    } finally {
      this.isSaving = false
    }
  }

  async post() {
    const token = this.form.elements.csrfmiddlewaretoken
    this.sending = new AbortController()
    const response = await fetch(this.form.dataset.autosaveUrl, {
      method: 'POST',
      body: this.body(),
      credentials: 'same-origin',
      signal: this.sending.signal,
      headers: { Accept: 'application/json', 'X-CSRFToken': token ? token.value : '', 'X-Requested-With': 'fetch' },
    })
    return read(response)
  }

  saved({ saved_at: savedAt, version }, edit) {
    this.version = version
    this.form.dataset.autosaveVersion = version
    if (this.form.elements.version) this.form.elements.version.value = version
    this.wait = RETRY_FIRST
    document.dispatchEvent(new Event('screens:sent'))
    this.line.classList.remove('screens-saved--failed')
    this.line.textContent = `Saved ${clock(savedAt ? new Date(savedAt) : new Date())}`
    // typed on while it was being saved: that part is still to be saved
    if (this.edit === edit) this.changedAt = null
    else {
      this.changedAt = Date.now()
      this.soon(PAUSE)
    }
  }

  failed(problem) {
    const known = problem instanceof NotSaved
    const again = known ? problem.again : true
    this.needsToken = known && problem.needsToken
    const words = known ? problem.message : 'the service could not be reached'
    this.line.classList.add('screens-saved--failed')
    const text = `Not saved: ${words}.${again ? ' We will try again.' : ''}`
    // a live region reads out each change, so the same words are not put there twice
    if (this.line.textContent !== text) this.line.textContent = text
    if (!again) return this.stop()
    this.soon(this.wait)
    this.wait = Math.min(this.wait * 2, RETRY_LAST)
  }
}

export function watchForms(scope) {
  for (const form of scope.querySelectorAll('form[data-autosave-url]')) {
    if (form.dataset.autosaveWatched) continue
    form.dataset.autosaveWatched = 'true'
    new Autosave(form)
  }
}
