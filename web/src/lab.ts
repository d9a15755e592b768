/** The page that tells of a lab: it hands on whoever comes with a link to a run, `lab/double-charge/#/double-charge?seed=7`. */
if (window.location.hash.startsWith('#/')) {
  window.location.replace(new URL(`../../${window.location.hash}`, window.location.href));
}
