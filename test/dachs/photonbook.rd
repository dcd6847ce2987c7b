<!-- A small X-ray catalogue for tests of the TAP client; rows.py makes its rows. -->
<resource schema="photonbook" resdir="photonbook">
  <meta name="title">Photonbook's generated sources</meta>
  <meta name="creationDate">2026-11-25T00:00:00Z</meta>
  <meta name="description">Rows of a fixed rule, for tests of TAP and cone search clients.</meta>
  <meta name="subject">x-ray-sources</meta>
  <meta name="creator">Photonbook</meta>

  <table id="master_source" onDisk="True" adql="True" mixin="//scs#q3cindex" primary="name">
    <meta name="description">One row per source</meta>
    <column name="name" type="text" ucd="meta.id;meta.main" description="Source name" required="True"/>
    <column name="ra" type="double precision" unit="deg" ucd="pos.eq.ra;meta.main" description="Right ascension, ICRS"/>
    <column name="dec" type="double precision" unit="deg" ucd="pos.eq.dec;meta.main" description="Declination, ICRS"/>
    <column name="flux_aper_b" type="real" unit="erg/s/cm**2" ucd="phot.flux;em.X-ray" description="Aperture flux, broad band"/>
    <column name="obsid" type="integer" ucd="meta.id" required="True" description="Observation"/>
    <column name="counts" type="bigint" required="True" description="Counts, some beyond 2^53"/>
    <column name="var_flag" type="boolean" required="True" description="Variable"/>
  </table>

  <data id="import">
    <sources>rows.csv</sources>
    <csvGrammar/>
    <make table="master_source">
      <rowmaker idmaps="*">
        <map key="flux_aper_b">parseWithNull(@flux_aper_b, float, "")</map>
        <map key="var_flag">@var_flag == "1"</map>
      </rowmaker>
    </make>
  </data>

  <service id="cone" allowed="scs.xml,form">
    <meta name="shortName">pb cone</meta>
    <meta name="title">Photonbook's generated sources, cone search</meta>
    <meta name="testQuery.ra">10</meta>
    <meta name="testQuery.dec">10</meta>
    <meta name="testQuery.sr">1</meta>
    <publish render="scs.xml" sets="local"/>
    <scsCore queriedTable="master_source"><FEED source="//scs#coreDescs"/></scsCore>
  </service>
</resource>
