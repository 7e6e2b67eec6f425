<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Creates or updates an activity.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * The code shared by pages, links and quizzes. Moodle's own add_moduleinfo() and update_moduleinfo() do the
 * writing, so completion, gradebook, events and search stay correct.
 */
abstract class activity_writer {
    /** @var string[] module type => the file area of the text that can show images. */
    public const TEXT_AREAS = ['page' => 'content', 'url' => 'intro', 'quiz' => 'intro'];

    /** @var text_images the images of that text. */
    private text_images $images;

    /**
     * Describe the desired activity.
     *
     * @param \stdClass $course
     * @param string $name
     * @param string $intro HTML
     * @throws problem noname, nametoolong
     */
    public function __construct(
        /** @var \stdClass the course. */
        protected readonly \stdClass $course,
        /** @var string the activity's name. */
        protected readonly string $name,
        /** @var string the activity's introduction, HTML. */
        protected readonly string $intro,
    ) {
        global $CFG;
        require_once($CFG->dirroot . '/course/modlib.php');
        require_once($CFG->libdir . '/completionlib.php');
        names::require_fit($name);
        $this->images = new text_images();
    }

    /**
     * Set the images of its text.
     *
     * @param text_images $images
     * @return static
     */
    public function with_images(text_images $images): static {
        $this->images = $images;
        return $this;
    }

    /**
     * The module type.
     *
     * @return string e.g. "page"
     */
    abstract protected function modname(): string;

    /**
     * The desired values of the module's own record.
     *
     * @return array column => value, besides name and intro
     */
    abstract protected function columns(): array;

    /**
     * The form fields that Moodle's functions need besides the columns.
     *
     * @return array field => value
     */
    abstract protected function form(): array;

    /**
     * The desired completion columns of the course module. Default: complete once viewed.
     *
     * @return array column => value
     */
    protected function completion(): array {
        return [
            'completion' => COMPLETION_TRACKING_AUTOMATIC,
            'completionview' => COMPLETION_VIEW_REQUIRED,
            'completionpassgrade' => 0,
            'completiongradeitemnumber' => null,
        ];
    }

    /**
     * Whether anything outside the module's and the course module's records differs.
     *
     * @param \stdClass $cm
     * @return bool
     */
    protected function differs_elsewhere(\stdClass $cm): bool {
        return false;
    }

    /**
     * Create the activity at the end of the section, or update what differs.
     *
     * @param \stdClass $section
     * @param string $idnumber
     * @param bool $visible
     * @return array {id: the course module's id, action}
     * @throws problem wrongkind
     */
    public function save(\stdClass $section, string $idnumber, bool $visible): array {
        $cm = activities::find($this->course->id, $idnumber);
        if (!$cm) {
            $cmid = $this->create($section, $idnumber, $visible);
            $this->images->store(...$this->text_area($cmid));
            return outcome::created($cmid);
        }
        if ($cm->modname !== $this->modname()) {
            throw new problem('wrongkind', ['idnumber' => $idnumber, 'is' => $cm->modname, 'wanted' => $this->modname()]);
        }
        $changed = $this->update($cm);
        $this->images->store(...$this->text_area($cm->id));
        $changed = activities::put_in($cm, $section) || $changed;
        $changed = visibility::set_activity($cm->id, $visible) || $changed;
        return outcome::existing($cm->id, $changed);
    }

    /**
     * Create the activity.
     *
     * @param \stdClass $section
     * @param string $idnumber
     * @param bool $visible
     * @return int the new course module's id
     */
    private function create(\stdClass $section, string $idnumber, bool $visible): int {
        [$module] = can_add_moduleinfo($this->course, $this->modname(), $section->section);
        $info = (object) array_merge($this->columns(), $this->completion_form(), $this->form(), [
            'modulename' => $this->modname(),
            'module' => $module->id,
            'section' => $section->section,
            'cmidnumber' => $idnumber,
            'name' => $this->name,
            'visible' => (int) ($visible && $section->visible),
            'introeditor' => $this->intro_editor(),
        ]);
        $cmid = (int) add_moduleinfo($info, $this->course)->coursemodule;
        visibility::set_activity($cmid, $visible);
        return $cmid;
    }

    /**
     * Update what differs.
     *
     * @param \stdClass $cm
     * @return bool whether anything was written
     */
    private function update(\stdClass $cm): bool {
        global $DB;
        $stored = $DB->get_record($this->modname(), ['id' => $cm->instance], '*', MUST_EXIST);
        $texts = ['name' => $this->name, 'intro' => $this->intro, 'introformat' => (int) FORMAT_HTML];
        $completionchanged = $this->completion_differs($cm);
        if (
            !$completionchanged && !difference::any($stored, $this->columns() + $texts)
            && !$this->differs_elsewhere($cm) && !$this->images->differ(...$this->text_area($cm->id))
        ) {
            return false;
        }
        $coursecm = get_coursemodule_from_id($this->modname(), $cm->id, $this->course->id, false, MUST_EXIST);
        $info = get_moduleinfo_data($coursecm, $this->course)[3];
        $wanted = array_merge($this->columns(), $this->completion_form(), $this->form(), [
            'name' => $this->name,
            'introeditor' => $this->intro_editor(),
            // Unlocking makes Moodle recalculate all completions, so do it only when the rule has changed.
            'completionunlocked' => (int) $completionchanged,
        ]);
        foreach ($wanted as $field => $value) {
            $info->$field = $value;
        }
        update_moduleinfo($coursecm, $info, $this->course);
        return true;
    }

    /**
     * The file area of the text that can show images.
     *
     * @param int $cmid
     * @return array context id, component, area
     */
    private function text_area(int $cmid): array {
        $modname = $this->modname();
        return [\context_module::instance($cmid)->id, "mod_$modname", self::TEXT_AREAS[$modname]];
    }

    /**
     * Whether the completion rule differs. Moodle stores no rule if the course doesn't track completion.
     *
     * @param \stdClass $cm
     * @return bool
     */
    private function completion_differs(\stdClass $cm): bool {
        $tracked = (new \completion_info($this->course))->is_enabled();
        return $tracked && difference::any($cm, $this->completion());
    }

    /**
     * The completion rule as the form sends it.
     *
     * @return array field => value
     */
    private function completion_form(): array {
        $rule = $this->completion();
        $rule['completionusegrade'] = (int) ($rule['completiongradeitemnumber'] !== null);
        return $rule;
    }

    /**
     * The introduction as an editor sends it.
     *
     * @return array
     */
    private function intro_editor(): array {
        return ['text' => $this->intro, 'format' => FORMAT_HTML, 'itemid' => file_get_unused_draft_itemid()];
    }
}
