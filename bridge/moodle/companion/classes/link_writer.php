<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Saves a link.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * A link (Moodle's URL module). It is complete once opened.
 */
class link_writer extends activity_writer {
    /**
     * Describe the desired link.
     *
     * @param \stdClass $course
     * @param string $name
     * @param string $intro HTML
     * @param string $url http or https
     * @throws problem badlink
     */
    public function __construct(
        \stdClass $course,
        string $name,
        string $intro,
        /** @var string the address. */
        private readonly string $url,
    ) {
        global $CFG;
        require_once($CFG->libdir . '/resourcelib.php');
        require_once($CFG->dirroot . '/mod/url/locallib.php');
        parent::__construct($course, $name, $intro);
        if (!preg_match('~^https?://\S+$~i', $url)) {
            throw new problem('badlink', $url);
        }
    }

    #[\Override]
    protected function modname(): string {
        return 'url';
    }

    #[\Override]
    protected function columns(): array {
        return [
            'externalurl' => url_fix_submitted_url($this->url),
            'display' => (int) RESOURCELIB_DISPLAY_AUTO,
        ];
    }

    #[\Override]
    protected function form(): array {
        return ['printintro' => 1];
    }
}
