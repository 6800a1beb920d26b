// Runs first thing inside <body>: the design systems show their scripted forms only when this class is there.
document.body.classList.add('js-enabled', 'govuk-frontend-supported')
