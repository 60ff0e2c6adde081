#!/bin/sh
# Chromium at $CHROMIUM without the two pages that it keeps ready for the address bar of each window: nobody sees them,
# and they take half of what opening a window takes. Told here, since of two lists of features only the last counts.
for each; do
    shift
    case $each in --disable-features=*) each=$each,WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup ;; esac
    set -- "$@" "$each"
done
exec "$CHROMIUM" "$@"
