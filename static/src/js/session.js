// <body data-idle-minutes="30" data-session-extend-url="/session/"> warns five minutes before the session ends.

const WARNING = 5 * 60 * 1000

class Session {
  constructor(body) {
    this.body = body
    this.length = Number(body.dataset.idleMinutes) * 60 * 1000
    this.url = body.dataset.sessionExtendUrl
    this.restart()
    // whatever reaches the service keeps the session going
    document.addEventListener('screens:sent', () => this.restart())
    document.addEventListener('htmx:afterOnLoad', () => this.restart())
    // sleeping laptops stop timers: look at the clock again on waking
    document.addEventListener('visibilitychange', () => this.look())
  }

  restart() {
    this.endsAt = Date.now() + this.length
    this.box?.remove()
    this.box = null
    this.plan()
  }

  plan() {
    clearTimeout(this.timer)
    const wait = Math.max(0, this.endsAt - Math.min(WARNING, this.length / 2) - Date.now())
    this.timer = setTimeout(() => this.look(), wait)
  }

  look() {
    if (document.hidden) return
    const left = this.endsAt - Date.now()
    if (left > Math.min(WARNING, this.length / 2)) return this.plan()
    this.warn(left)
  }

  warn(left) {
    this.box ??= this.makeBox()
    const minutes = Math.ceil(left / 60000)
    const words = left > 0
      ? `You will be signed out in ${minutes} minute${minutes === 1 ? '' : 's'} because nothing has been sent.`
      : 'You have probably been signed out. What you typed is still on this page: sign in again in a new tab.'
    const line = this.box.querySelector('p')
    if (line.textContent !== words) line.textContent = words
    clearTimeout(this.timer)
    if (left > 0) this.timer = setTimeout(() => this.look(), left - (minutes - 1) * 60000)
  }

  makeBox() {
    const box = document.createElement('div')
    box.className = 'screens-timeout'
    box.setAttribute('role', 'region')
    box.setAttribute('aria-label', 'Time-out')
    const line = document.createElement('p')
    line.className = 'govuk-body'
    line.setAttribute('role', 'alert')
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'govuk-button govuk-!-margin-bottom-0'
    button.textContent = 'Stay signed in'
    button.addEventListener('click', () => this.extend())
    box.append(line, button)
    this.body.append(box)
    return box
  }

  async extend() {
    const token = document.querySelector('input[name=csrfmiddlewaretoken]')
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        credentials: 'same-origin',
        headers: { 'X-CSRFToken': token ? token.value : '', Accept: 'application/json' },
      })
      if (response.ok && !response.redirected) return this.restart()
      this.endsAt = Date.now()
    } catch {
      this.box.querySelector('p').textContent = 'The service could not be reached. Try again.'
      return
    }
    this.warn(0)
  }
}

export function watchSession(body) {
  if (body.dataset.idleMinutes && body.dataset.sessionExtendUrl) new Session(body)
}
