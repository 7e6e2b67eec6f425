<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Saves a page.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * A page. It is complete once viewed.
 */
class page_writer extends activity_writer {
    /**
     * Describe the desired page.
     *
     * @param \stdClass $course
     * @param string $name
     * @param string $intro HTML
     * @param string $content HTML
     */
    public function __construct(
        \stdClass $course,
        string $name,
        string $intro,
        /** @var string the content of the page, HTML. */
        private readonly string $content,
    ) {
        global $CFG;
        require_once($CFG->libdir . '/resourcelib.php');
        parent::__construct($course, $name, $intro);
    }

    #[\Override]
    protected function modname(): string {
        return 'page';
    }

    #[\Override]
    protected function columns(): array {
        return [
            'content' => $this->content,
            'contentformat' => (int) FORMAT_HTML,
            'display' => (int) RESOURCELIB_DISPLAY_OPEN,
        ];
    }

    #[\Override]
    protected function form(): array {
        return [
            'page' => ['text' => $this->content, 'format' => FORMAT_HTML, 'itemid' => 0],
            'printintro' => 0,
            'printlastmodified' => 1,
        ];
    }
}
