import {
  Button,
  CharacterCount,
  Checkboxes,
  createAll,
  ErrorSummary,
  NotificationBanner,
  Radios,
  ServiceNavigation,
  SkipLink,
} from 'govuk-frontend'
import { AddAnother, Alert } from '@ministryofjustice/frontend'
import htmx from 'htmx.org'
import { watchForms } from './autosave.js'
import { watchNotes } from './notes.js'
import { watchReveals } from './reveal.js'
import { watchSession } from './session.js'

window.htmx = htmx
// htmx notes the address it was loaded at, for a history of pages that is switched off here
sessionStorage.removeItem('htmx-current-path-for-history')

function start(scope) {
  for (const part of [Button, CharacterCount, Checkboxes, NotificationBanner, Radios, ServiceNavigation, SkipLink]) {
    createAll(part, undefined, scope)
  }
  for (const part of [AddAnother, Alert]) createAll(part, undefined, scope)
  createAll(ErrorSummary, undefined, scope)
  watchNotes(scope)
  watchReveals(scope)
  watchForms(scope)
}

start(document)
watchSession(document.body)
// a piece of a page that htmx brings in is set going like the page itself
document.body.addEventListener('htmx:load', (event) => {
  if (event.detail.elt !== document.body) start(event.detail.elt)
})
