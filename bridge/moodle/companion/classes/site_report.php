<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Reports the site-wide objects of one curriculum.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Reads the state of the site, each list in one query.
 */
class site_report {
    /**
     * Report on all objects whose idnumber begins with a prefix.
     *
     * @param string $prefix
     */
    public function __construct(
        /** @var string e.g. "stewardpath:my-curriculum:". */
        private readonly string $prefix,
    ) {
    }

    /**
     * The whole report.
     *
     * @return array as external\get_site_state returns it
     */
    public function read(): array {
        return $this->about_site() + [
            'settings' => $this->settings(),
            'categories' => $this->managed('course_categories', 'id, idnumber, name, description, visible, parent'),
            'courses' => $this->managed('course', course_report::COURSE_COLUMNS),
            'cohorts' => $this->managed('cohort', 'id, idnumber, name, description, visible'),
            'frameworks' => $this->managed('competency_framework', 'id, idnumber, shortname, visible'),
            'competencies' => $this->managed('competency', 'id, idnumber, shortname, competencyframeworkid AS frameworkid'),
            'templates' => $this->templates(),
            'badges' => $this->badges(),
        ];
    }

    /**
     * Facts about the site, and the end of its change feed.
     *
     * @return array
     */
    private function about_site(): array {
        global $CFG, $USER;
        $scale = $this->competency_scale();
        return [
            'release' => \core_plugin_manager::instance()->get_plugin_info('local_stewardpath')->release,
            'contract' => 1,
            'moodlerelease' => $CFG->release,
            'moodleversion' => (string) $CFG->version,
            'maxinputvars' => (int) ini_get('max_input_vars'),
            'feed' => change_reader::feed(),
            'newestchange' => change_reader::bounds()['newest'],
            'numberlocked' => profile_rules::is_number_locked(),
            'emailchangeconfirmation' => profile_rules::is_email_confirmed(),
            'storesfiles' => true,
            'competencyscale' => (int) ($scale->id ?? 0),
            'competencyscalevalues' => $scale ? array_map('trim', explode(',', $scale->scale)) : [],
            'serviceuser' => (int) $USER->id,
            'languages' => array_keys(get_string_manager()->get_list_of_translations()),
        ];
    }

    /**
     * Which features that a curriculum needs are turned on.
     *
     * @return array
     */
    private function settings(): array {
        global $CFG;
        require_once($CFG->libdir . '/filterlib.php');
        return [
            'completion' => !empty($CFG->enablecompletion),
            'badges' => !empty($CFG->enablebadges),
            'multilang' => self::filters_languages(),
            'competencies' => \core_competency\api::is_enabled(),
            'messaging' => !empty($CFG->messaging),
        ];
    }

    /**
     * Whether the multi-language filter is on everywhere, for content and headings.
     *
     * @return bool
     */
    private static function filters_languages(): bool {
        $states = filter_get_global_states();
        $on = isset($states['multilang']) && (int) $states['multilang']->active === TEXTFILTER_ON;
        return $on && in_array('multilang', filter_get_string_filters());
    }

    /**
     * The scale for competencies: that of the managed framework, or else Moodle's default.
     *
     * @return \stdClass|null the scale record
     */
    private function competency_scale(): ?\stdClass {
        global $DB;
        $frameworks = $this->managed('competency_framework', 'id, scaleid');
        $managed = reset($frameworks);
        if ($managed) {
            return $DB->get_record('scale', ['id' => $managed->scaleid]) ?: null;
        }
        $name = get_string_manager()->get_string('defaultcompetencescale', 'moodle', null, get_config('', 'lang') ?: 'en');
        $stock = $DB->get_records('scale', ['courseid' => 0, 'name' => $name], 'id', '*', 0, 1)
            ?: $DB->get_records('scale', ['courseid' => 0], 'id DESC', '*', 0, 1);
        return reset($stock) ?: null;
    }

    /**
     * The rows of a table whose idnumber begins with the prefix.
     *
     * @param string $table
     * @param string $columns
     * @return \stdClass[]
     */
    private function managed(string $table, string $columns): array {
        global $DB;
        [$begins, $params] = ownership::sql_begins('idnumber', $this->prefix);
        $rows = $DB->get_records_select($table, $begins, $params, 'id', $columns);
        return array_map(fn($row) => (object) array_map(fn($value) => $value ?? '', (array) $row), array_values($rows));
    }

    /**
     * Managed learning plan templates. Moodle has no idnumber for them, so they are found by the prefix in
     * their description, or by a managed competency.
     *
     * @return array
     */
    private function templates(): array {
        global $DB;
        [$begins, $params] = ownership::sql_begins('c.idnumber', $this->prefix);
        $marked = $DB->sql_like('t.description', ':marker');
        $sql = "SELECT t.id, t.shortname, t.description, t.visible
                  FROM {competency_template} t
                 WHERE $marked OR t.id IN (
                       SELECT tc.templateid
                         FROM {competency_templatecomp} tc
                         JOIN {competency} c ON c.id = tc.competencyid
                        WHERE $begins)
              ORDER BY t.id";
        $params['marker'] = '%' . $DB->sql_like_escape($this->prefix) . '%';
        $templates = $DB->get_records_sql($sql, $params);
        foreach ($templates as $template) {
            $template->competencyids = [];
        }
        $links = $templates
            ? $DB->get_records_list('competency_templatecomp', 'templateid', array_keys($templates), 'templateid, sortorder, id')
            : [];
        foreach ($links as $link) {
            $templates[$link->templateid]->competencyids[] = $link->competencyid;
        }
        return array_values($templates);
    }

    /**
     * Managed badges.
     *
     * @return array
     */
    private function badges(): array {
        global $CFG, $DB;
        require_once($CFG->libdir . '/badgeslib.php');
        [$begins, $params] = ownership::sql_begins('m.idnumber', $this->prefix);
        $sql = "SELECT b.id, m.idnumber, b.name, b.description, m.imagehash,
                       CASE WHEN b.status IN (:active, :locked) THEN 1 ELSE 0 END AS status
                  FROM {local_stewardpath_badge} m
                  JOIN {badge} b ON b.id = m.badgeid
                 WHERE b.status <> :archived AND $begins
              ORDER BY b.id";
        return array_values($DB->get_records_sql($sql, $params + [
            'active' => BADGE_STATUS_ACTIVE,
            'locked' => BADGE_STATUS_ACTIVE_LOCKED,
            'archived' => BADGE_STATUS_ARCHIVED,
        ]));
    }
}
