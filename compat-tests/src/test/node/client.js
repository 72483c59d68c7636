// The kafkajs side of the tests: client.js BROKER COMMAND ARGUMENT...
'use strict'
const fs = require('fs')
const { Kafka, CompressionTypes, CompressionCodecs, ConfigResourceTypes, logLevel } = require('kafkajs')

CompressionCodecs[CompressionTypes.Snappy] = require('kafkajs-snappy')

const CODECS = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP, snappy: CompressionTypes.Snappy }
const BATCH = 2000

// One record a line of the file.
async function produce(kafka, topic, codec, acks, file) {
  const producer = kafka.producer({ idempotent: acks === 'idempotent', maxInFlightRequests: 1 })
  await producer.connect()
  const lines = fs.readFileSync(file, 'utf8').split('\n').slice(0, -1)
  for (let i = 0; i < lines.length; i += BATCH) {
    await producer.send({
      topic,
      acks: acks === 'idempotent' ? -1 : Number(acks),
      compression: CODECS[codec],
      messages: lines.slice(i, i + BATCH).map(value => ({ value, partition: 0 })),
    })
  }
  await producer.disconnect()
}

// Values of `count` records to standard output, each with a line feed.
async function consume(kafka, topic, group, count) {
  const consumer = kafka.consumer({ groupId: group })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  let left = Number(count)
  await new Promise((resolve, reject) => {
    consumer.on(consumer.events.CRASH, event => reject(event.payload.error))
    consumer
      .run({
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset }) => {
          const taken = batch.messages.slice(0, left)
          process.stdout.write(taken.map(message => message.value + '\n').join(''))
          left -= taken.length
          if (taken.length > 0) {
            resolveOffset(taken[taken.length - 1].offset)
          }
          if (left === 0) {
            resolve()
          }
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
}

// Commits, seeks, pauses and resumes on a pattern; prints the offsets it met, the one found by time, and the one committed.
async function move(kafka, topic, timeMs) {
  const admin = kafka.admin()
  const consumer = kafka.consumer({ groupId: topic })
  await Promise.all([admin.connect(), consumer.connect()])
  await consumer.subscribe({ topics: [new RegExp(`^${topic}.*`)], fromBeginning: true })
  const met = []
  await new Promise((resolve, reject) => {
    const steps = [
      () => consumer.seek({ topic, partition: 0, offset: '50' }),
      () => {
        consumer.pause([{ topic }])
        setTimeout(() => consumer.resume([{ topic }]), 500)
      },
      resolve,
    ]
    const eachMessage = async ({ message }) => {
      if (steps.length > 0) {
        met.push(message.offset)
        await consumer.commitOffsets([{ topic, partition: 0, offset: String(Number(message.offset) + 1) }])
        steps.shift()()
      }
    }
    consumer.on(consumer.events.CRASH, event => reject(event.payload.error))
    consumer.run({ autoCommit: false, eachMessage }).catch(reject)
  })
  await consumer.disconnect()
  const byTime = await admin.fetchTopicOffsetsByTimestamp(topic, Number(timeMs))
  const committed = await admin.fetchOffsets({ groupId: topic, topics: [topic] })
  await admin.disconnect()
  process.stdout.write([...met, byTime[0].offset, committed[0].partitions[0].offset].join(' ') + '\n')
}

// Creates, describes and deletes a topic; prints what it saw as JSON.
async function administer(kafka, topic) {
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({
    waitForLeaders: true,
    topics: [{ topic, numPartitions: 4, configEntries: [{ name: 'retention.ms', value: '7200000' }] }],
  })
  const metadata = await admin.fetchTopicMetadata({ topics: [topic] })
  const configs = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: ['cleanup.policy', 'retention.ms'] }],
  })
  const offsets = await admin.fetchTopicOffsets(topic)
  const cluster = await admin.describeCluster()
  await admin.deleteTopics({ topics: [topic] })
  const topics = await admin.listTopics()
  await admin.disconnect()
  const values = configs.resources[0].configEntries.map(entry => `${entry.configName}=${entry.configValue}`).sort()
  process.stdout.write(
    JSON.stringify({
      partitions: metadata.topics[0].partitions.length,
      values,
      offsets: offsets.map(offset => offset.high),
      brokers: cluster.brokers.length,
      listed: topics.includes(topic),
    })
  )
}

// Sends `count` records and aborts, sends as many with offsets of a group and commits; twice. Reading them shows what counts.
async function transact(kafka, topic, group, count) {
  const producer = kafka.producer({ transactionalId: `js-${topic}`, idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  for (let round = 0; round < 2; round++) {
    for (const outcome of ['aborted', 'committed']) {
      const transaction = await producer.transaction()
      for (let i = 0; i < Number(count); i++) {
        await transaction.send({ topic, messages: [{ value: `${outcome}-${round}-${i}`, partition: 0 }] })
      }
      const offset = String(round * 10 + (outcome === 'committed' ? 5 : 7))
      const topics = [{ topic, partitions: [{ partition: 0, offset }] }]
      await transaction.sendOffsets({ consumerGroupId: group, topics })
      await (outcome === 'committed' ? transaction.commit() : transaction.abort())
    }
  }
  await producer.disconnect()
  const admin = kafka.admin()
  await admin.connect()
  const offsets = await admin.fetchOffsets({ groupId: group, topics: [topic] })
  await admin.disconnect()
  process.stdout.write(offsets[0].partitions[0].offset + '\n')
}

async function main([broker, command, ...rest]) {
  const kafka = new Kafka({ clientId: 'kafkajs', brokers: [broker], logLevel: logLevel.ERROR })
  await { produce, consume, move, administer, transact }[command](kafka, ...rest)
}

main(process.argv.slice(2)).catch(error => {
  console.error(error)
  process.exit(1)
})
