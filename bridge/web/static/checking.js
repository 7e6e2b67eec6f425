// Looks again by itself while Moodle is asked. Without scripts the link does the same.
const link = document.querySelector("[data-reload]");
if (link) setTimeout(() => location.reload(), 4000);
